package io.coffer.it.history;

import io.coffer.it.history.KeyOperation.Effect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a history of requests is linearizable: whether each request can be given one instant between its call and its
 * answer, so that the sequence makes sense for a register. Keys are judged one by one, which is sound because linearizability is
 * local.
 *
 * <p>The search is Wing and Gong's, with Lowe's memory of visited configurations: the set of operations done so far and the
 * register's value. Unknown outcomes may be placed anywhere after their call, or nowhere.
 *
 * @see <a href="https://www.cs.ox.ac.uk/people/gavin.lowe/LinearizabiltyTesting/">Lowe: Testing for linearizability</a>
 */
final class LinearizabilityChecker {
    private LinearizabilityChecker() {}

    /** A key whose history has no valid order, with that history; empty when there is none. */
    static Optional<String> findViolation(List<KeyOperation> history) {
        Map<String, List<KeyOperation>> byKey = new TreeMap<>();
        for (KeyOperation operation : history) {
            byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
        }
        for (Map.Entry<String, List<KeyOperation>> entry : byKey.entrySet()) {
            if (!linearizable(entry.getValue())) {
                StringBuilder text = new StringBuilder("no linearization of key ").append(entry.getKey());
                entry.getValue().stream()
                        .sorted(Comparator.comparingLong(KeyOperation::calledNanos))
                        .forEach(operation -> text.append("\n  ").append(operation));
                return Optional.of(text.toString());
            }
        }
        return Optional.empty();
    }

    private record Configuration(BitSet done, @Nullable String value) {}

    private record Step(int operation, @Nullable String valueBefore, int resumeAt) {}

    /** Whether one key's operations, starting from no object, are linearizable. */
    private static boolean linearizable(List<KeyOperation> unordered) {
        List<KeyOperation> operations = unordered.stream()
                .sorted(Comparator.comparingLong(KeyOperation::calledNanos))
                .toList();
        int completed =
                (int) operations.stream().filter(KeyOperation::completed).count();
        BitSet done = new BitSet(operations.size());
        int completedDone = 0;
        String value = null;
        Set<Configuration> seen = new HashSet<>();
        Deque<Step> steps = new ArrayDeque<>();
        int candidate = 0;
        while (completedDone < completed) {
            int next = nextCandidate(operations, done, candidate, value, seen);
            if (next >= 0) {
                steps.push(new Step(next, value, next + 1));
                done.set(next);
                completedDone += operations.get(next).completed() ? 1 : 0;
                value = after(operations.get(next).effect(), value);
                candidate = 0;
            } else {
                if (steps.isEmpty()) {
                    return false;
                }
                Step undone = steps.pop();
                done.clear(undone.operation());
                completedDone -= operations.get(undone.operation()).completed() ? 1 : 0;
                value = undone.valueBefore();
                candidate = undone.resumeAt();
            }
        }
        return true;
    }

    /** The first operation at or behind {@code from} that may come next and leads to a configuration not yet seen, or -1. */
    private static int nextCandidate(
            List<KeyOperation> operations, BitSet done, int from, @Nullable String value, Set<Configuration> seen) {
        long earliestReturn = Long.MAX_VALUE;
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            KeyOperation operation = operations.get(i);
            if (operation.calledNanos() > earliestReturn) {
                break;
            }
            earliestReturn = Math.min(earliestReturn, operation.returnedNanos());
        }
        for (int i = done.nextClearBit(from); i < operations.size(); i = done.nextClearBit(i + 1)) {
            KeyOperation operation = operations.get(i);
            if (operation.calledNanos() > earliestReturn) {
                return -1;
            }
            if (possible(operation.effect(), value)) {
                BitSet then = (BitSet) done.clone();
                then.set(i);
                if (seen.add(new Configuration(then, after(operation.effect(), value)))) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static boolean possible(Effect effect, @Nullable String value) {
        return switch (effect) {
            case Effect.Read(String found) -> Objects.equals(found, value);
            case Effect.Write(String written) -> true;
            case Effect.Delete() -> true;
            case Effect.ConditionalWrite(String expected, String written, KeyOperation.Outcome outcome) ->
                switch (outcome) {
                    case DONE -> Objects.equals(expected, value);
                    case FAILED -> value != null && !value.equals(expected);
                    case MISSING -> value == null && expected != null;
                    case null -> true;
                };
        };
    }

    private static @Nullable String after(Effect effect, @Nullable String value) {
        return switch (effect) {
            case Effect.Read(String found) -> value;
            case Effect.Write(String written) -> written;
            case Effect.Delete() -> null;
            case Effect.ConditionalWrite(String expected, String written, KeyOperation.Outcome outcome) ->
                switch (outcome) {
                    case DONE -> written;
                    case FAILED, MISSING -> value;
                    case null -> Objects.equals(expected, value) ? written : value;
                };
        };
    }
}
