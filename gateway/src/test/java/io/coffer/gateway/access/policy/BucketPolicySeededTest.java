package io.coffer.gateway.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random damage to a policy: it is refused as malformed or can be asked, and asking never fails. */
final class BucketPolicySeededTest {
    private static final int ROUNDS = 100_000;

    private static final String WHOLE = """
        {"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"a","Effect":"Deny","NotPrincipal":{"AWS":["000000000001",
        "arn:aws:iam::000000000001:user/alice"]},"NotAction":["s3:Get*","s3:ListBucket"],"Resource":["arn:aws:s3:::b",
        "arn:aws:s3:::b/${aws:username, 'x'}/*"],"Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a*","?"]},
        "DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"IpAddress":{"aws:SourceIp":["10.0.0.0/8","::1"]},
        "NumericLessThanEquals":{"aws:MultiFactorAuthAge":10.5},"Bool":{"aws:SecureTransport":false},"Null":{"aws:Referer":true},
        "ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}},{"Effect":"Allow","Principal":"*","Action":"*",
        "NotResource":"arn:aws:s3:::b*"}]}\
        """;

    private static final String PIECES = "{}[]\",:*?$\\'/-.0129eEtfn ${aws:username}${*}\u00e9\u0000";

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void aDamagedPolicyIsRefusedOrWorks() throws S3Exception {
        FakeFacts facts = FakeFacts.of("aws:username", "al*ce")
                .and("aws:TagKeys", "a", "bb")
                .and("aws:CurrentTime", "2025-01-01T00:00:00Z")
                .and("aws:SourceIp", "10.1.2.3")
                .and("aws:PrincipalArn", "arn:aws:iam::000000000001:root");
        int worked = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String damaged = damage(WHOLE);
            try {
                BucketPolicy policy =
                        BucketPolicy.parse(ByteBuffer.wrap(damaged.getBytes(StandardCharsets.UTF_8)), "b");
                policy.isPublic();
                policy.principals();
                policy.decide(Principal.ANONYMOUS, "s3:PutObject", "al*ce/k", facts);
                policy.decide(Principal.ANONYMOUS, "s3:GetBucketAcl", null, FakeFacts.NONE);
                worked++;
            } catch (S3Exception e) {
                assertThat(e.error()).as("seed %d: %s", seed, damaged).isEqualTo(S3Error.MALFORMED_POLICY);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + damaged, e);
            }
        }
        assertThat(worked).isBetween(ROUNDS / 100, ROUNDS * 99 / 100);
    }

    private String damage(String text) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(damaged.length());
            int length = Math.min(1 + random.nextInt(6), damaged.length() - at);
            int from = random.nextInt(PIECES.length());
            String piece = PIECES.substring(from, Math.min(PIECES.length(), from + 1 + random.nextInt(3)));
            switch (random.nextInt(4)) {
                case 0 -> damaged.delete(at, at + length);
                case 1 -> damaged.insert(at, piece);
                case 2 -> damaged.replace(at, at + 1, piece);
                default -> damaged.insert(random.nextInt(damaged.length()), damaged.substring(at, at + length));
            }
        }
        return damaged.toString();
    }
}
