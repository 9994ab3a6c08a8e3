package io.coffer.metaserver.background;

import io.coffer.common.cluster.Member;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.UpdateVolume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries {@link Replacements} out. The new members fill themselves. */
final class MemberReplacer implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(MemberReplacer.class);

    private final Calls calls;
    private final Groups groups;

    MemberReplacer(Calls calls, Groups groups) {
        this.calls = calls;
        this.groups = groups;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            return Progress.DONE;
        }
        Replacements.Plan plan = Replacements.of(calls.map(), Limits.MOVES_PER_STEP);
        for (Replacements.Move move : plan.moves()) {
            Member old = move.before().members().get(move.index());
            Member now = move.after().members().get(move.index());
            try {
                calls.tell(
                        GroupId.SYSTEM,
                        new UpdateVolume(move.after(), move.before().epoch()));
                LOG.info(
                        "volume {}: member {} moves from disk {} to disk {}",
                        move.before().id().value(),
                        move.index(),
                        old.disk(),
                        now.disk());
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.STALE_EPOCH) {
                    throw e;
                }
                LOG.info("volume {} has changed meanwhile", move.before().id().value());
            }
        }
        return plan.moves().isEmpty() ? Progress.DONE : Progress.MORE;
    }
}
