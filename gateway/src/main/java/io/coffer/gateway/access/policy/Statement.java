package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a policy, ready to be asked.
 *
 * @param exceptPrincipals whether it is about everybody but {@code principals}
 * @param exceptActions whether it is about every action but {@code actions}
 * @param exceptResources whether it is about everything but {@code resources}
 */
record Statement(
        boolean allows,
        List<PrincipalName> principals,
        boolean exceptPrincipals,
        Set<String> actions,
        boolean exceptActions,
        List<ResourcePattern> resources,
        boolean exceptResources,
        List<Condition> conditions) {
    Statement {
        principals = List.copyOf(principals);
        actions = Set.copyOf(actions);
        resources = List.copyOf(resources);
        conditions = List.copyOf(conditions);
    }

    /** Whether it is about this request; what costs least is asked first. */
    boolean applies(Principal who, String action, @Nullable String key, PolicyFacts facts) throws S3Exception {
        return actions.contains(action) != exceptActions
                && names(who) != exceptPrincipals
                && isAbout(key, facts) != exceptResources
                && saysWhatItExcepts(facts)
                && holds(facts);
    }

    /** What is allowed but for a value that the request doesn't have isn't allowed: nobody could say which it is. */
    private boolean saysWhatItExcepts(PolicyFacts facts) throws S3Exception {
        if (!allows || !exceptResources) {
            return true;
        }
        for (ResourcePattern resource : resources) {
            if (!resource.isKnown(facts)) {
                return false;
            }
        }
        return true;
    }

    private boolean names(Principal who) {
        for (PrincipalName principal : principals) {
            if (principal.matches(who)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAbout(@Nullable String key, PolicyFacts facts) throws S3Exception {
        for (ResourcePattern resource : resources) {
            if (resource.matches(key, facts)) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(PolicyFacts facts) throws S3Exception {
        for (Condition condition : conditions) {
            if (!condition.holds(facts)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it allows something to people whom nobody has chosen. */
    boolean isPublic() {
        boolean everyone = exceptPrincipals || principals.contains(new PrincipalName.Everyone());
        return allows && everyone && conditions.stream().noneMatch(Condition::narrows);
    }
}
