package io.coffer.gateway.rewrap;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.BucketCommand.RenewSeals;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.FindSeals;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.GroupRewrap;
import io.coffer.common.metadata.MasterKey;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SealedContent;
import io.coffer.common.metadata.SealedRow;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.payload.DataKeys;
import io.coffer.gateway.payload.SealRenewer;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over the rows of one group, a page at a time. Parts and pieces don't say in which encryption context they were sealed, and nearly
 * all are in none: where that doesn't open them, the versions and uploads that they belong to say it. Used by one thread.
 */
final class GroupPass {
    private static final Logger LOG = LoggerFactory.getLogger(GroupPass.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What needs no context before what tells contexts. */
    private static final List<SealTable> ORDER =
            List.of(SealTable.PARTS, SealTable.PIECES, SealTable.OBJECTS, SealTable.VERSIONS, SealTable.UPLOADS);

    private final MetadataService metadata;
    private final KeyStore keys;
    private final SecureRandom random;
    private final MasterKey key;
    private final int below;
    private final GroupId group;
    private long renewed;
    private long scanned;
    private long found;
    private long left;

    /**
     * @param key as it is now
     * @param below its versions before this one are replaced by its newest
     */
    GroupPass(KeyRewraps.Parts parts, MasterKey key, int below, GroupId group) {
        this.metadata = parts.metadata();
        this.keys = parts.keys();
        this.random = parts.random();
        this.key = key;
        this.below = below;
        this.group = group;
    }

    /** Seals that were replaced. */
    long renewed() {
        return renewed;
    }

    /** Rows that were looked at. */
    long scanned() {
        return scanned;
    }

    /** Goes on by one page, and returns how far it is then. */
    GroupRewrap step(GroupRewrap at, int rows) throws S3Exception, RefusedException {
        if (at.pass() == 0) {
            return at.nextPass(tell(List.of()).moved());
        }
        Reply.SealsPage page = ask(at.table(), NOTHING, at.after(), rows);
        renew(at.table(), page.rows(), null);
        long searched = 0;
        if (at.left() > 0) {
            searched = renew(page.contents(), null);
        }
        GroupRewrap now = at.plus(page.scanned(), page.estimate(), found, left - searched);
        if (page.last().hasRemaining()) {
            return now.at(at.table(), page.last());
        }
        int next = ORDER.indexOf(at.table()) + 1;
        if (next < ORDER.size()) {
            return now.at(ORDER.get(next), NOTHING);
        }
        return now.found() == 0 && page.moved() == at.moved() ? now.cleaned() : now.nextPass(page.moved());
    }

    private Reply.SealsPage ask(SealTable table, ByteBuffer prefix, ByteBuffer after, int rows)
            throws S3Exception, RefusedException {
        Reply.SealsPage page = metadata.ask(group, new FindSeals(key.id(), below, table, prefix, after, rows));
        scanned += page.scanned();
        return page;
    }

    private Reply.SealsReply tell(List<SealRenewal> renewals) throws S3Exception, RefusedException {
        Reply.SealsReply reply = metadata.tell(group, new RenewSeals(key.id(), below, renewals));
        renewed += reply.replaced();
        return reply;
    }

    /**
     * Renews what rows consist of in the context that these rows tell.
     *
     * @param outer of what the rows are in, if they are in something
     * @return seals
     */
    private long renew(List<SealedContent> contents, @Nullable Encryption outer) throws S3Exception, RefusedException {
        long before = renewed;
        for (SealedContent content : contents) {
            Encryption encryption = content.encryption() == null ? outer : content.encryption();
            if (encryption != null && encryption.key().equals(key.arn())) {
                renew(content, encryption);
            }
        }
        return renewed - before;
    }

    private void renew(SealedContent content, Encryption encryption) throws S3Exception, RefusedException {
        long foundBefore = found;
        long leftBefore = left;
        ByteBuffer after = NOTHING;
        do {
            Reply.SealsPage page = ask(content.table(), content.prefix(), after, BucketQuery.MAX_PAGE);
            renew(content.table(), page.rows(), encryption);
            renew(page.contents(), encryption);
            after = page.last();
        } while (after.hasRemaining());
        // They were counted where they lie.
        found = foundBefore;
        left = leftBefore;
    }

    private void renew(SealTable table, List<SealedRow> rows, @Nullable Encryption known)
            throws S3Exception, RefusedException {
        List<SealRenewal> renewals = new ArrayList<>();
        int seals = 0;
        for (SealedRow row : rows) {
            Encryption encryption = row.encryption() == null ? known : row.encryption();
            String context = encryption == null ? "" : encryption.context();
            SealRenewer renewer = new SealRenewer(
                    new DataKeys(name -> keys.wrapping(name, context)), keys.wrapping(key, context), random);
            List<SealRenewal.Pair> pairs = new ArrayList<>();
            for (Seal before : row.seals()) {
                found++;
                try {
                    pairs.add(new SealRenewal.Pair(before, renewer.renew(before)));
                } catch (GeneralSecurityException e) {
                    left++;
                    LOG.debug("a seal in {} of group {} doesn't open: {}", table, group.value(), e.getMessage());
                    continue;
                }
                if (++seals == RenewSeals.MAX_RENEWALS) {
                    renewals.add(new SealRenewal(table, row.row(), pairs));
                    tell(renewals);
                    renewals.clear();
                    pairs.clear();
                    seals = 0;
                }
            }
            if (!pairs.isEmpty()) {
                renewals.add(new SealRenewal(table, row.row(), pairs));
            }
        }
        if (!renewals.isEmpty()) {
            tell(renewals);
        }
    }
}
