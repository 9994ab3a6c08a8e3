package io.coffer.common.io.fault;

import java.util.List;
import java.util.random.RandomGenerator;

/** Chooses what of the unsynced state a power cut leaves: each choice by itself, as disks and kernels write in any order. */
sealed interface Survival {

    /** One of the states something had since it was last synced; the first is the synced one, the last the newest. */
    <T> T choose(List<T> states);

    /** Whether one more change, whose predecessors all survived, survives. */
    boolean keeps();

    record Nothing() implements Survival {
        @Override
        public <T> T choose(List<T> states) {
            return states.getFirst();
        }

        @Override
        public boolean keeps() {
            return false;
        }
    }

    record Everything() implements Survival {
        @Override
        public <T> T choose(List<T> states) {
            return states.getLast();
        }

        @Override
        public boolean keeps() {
            return true;
        }
    }

    record AnySubset(RandomGenerator random) implements Survival {
        @Override
        public <T> T choose(List<T> states) {
            return states.get(random.nextInt(states.size()));
        }

        @Override
        public boolean keeps() {
            return random.nextBoolean();
        }
    }
}
