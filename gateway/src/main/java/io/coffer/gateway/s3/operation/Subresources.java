package io.coffer.gateway.s3.operation;

import java.util.Set;
import java.util.TreeSet;

/**
 * Every query parameter that makes a request mean another operation. Amazon's, whether they are offered or not, so that none is
 * ever taken for the plain operation; and {@code append}, {@code compose} and {@code force_delete}, which S3 dialects add.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html">S3: operations</a>
 */
public final class Subresources {
    public static final Set<String> ALL = Set.of(
            "abac",
            "accelerate",
            "acl",
            "analytics",
            "annotation",
            "append",
            "attributes",
            "compose",
            "cors",
            "delete",
            "encryption",
            "force_delete",
            "intelligent-tiering",
            "inventory",
            "legal-hold",
            "lifecycle",
            "location",
            "logging",
            "metadataAnnotationTable",
            "metadataConfiguration",
            "metadataInventoryTable",
            "metadataJournalTable",
            "metadataTable",
            "metrics",
            "notification",
            "object-lock",
            "ownershipControls",
            "policy",
            "policyStatus",
            "publicAccessBlock",
            "renameObject",
            "replication",
            "requestPayment",
            "restore",
            "retention",
            "select",
            "session",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versioning",
            "versions",
            "website");

    private Subresources() {}

    /** The subresources that the query names. */
    public static Set<String> in(QueryParameters query) {
        Set<String> found = null;
        for (QueryParameters.Parameter parameter : query.list()) {
            if (ALL.contains(parameter.name())) {
                if (found == null) {
                    found = new TreeSet<>();
                }
                found.add(parameter.name());
            }
        }
        return found == null ? Set.of() : found;
    }
}
