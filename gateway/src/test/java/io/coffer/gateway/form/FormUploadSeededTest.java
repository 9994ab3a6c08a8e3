package io.coffer.gateway.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.payload.ScriptedBody;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random forms, cuts and damage: a form comes out as it went in, and what isn't one is refused with an error of the client's, never else. */
class FormUploadSeededTest {
    private static final int ROUNDS = 3000;
    private static final String[] BITS = {
        "\r\n",
        "--",
        FormText.BOUNDARY,
        "\r",
        "\n",
        "\"",
        ";",
        "\r\n--" + FormText.BOUNDARY.substring(0, 9),
        "a",
        "=",
        "\\",
        ":",
        "\0"
    };

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    private record Decoded(Map<String, String> fields, byte[] file) {}

    private Decoded decode(byte[] form) throws Exception {
        int[] cuts =
                random.ints(random.nextInt(30), 0, form.length + 1).sorted().toArray();
        FormUpload upload =
                FormUpload.open(Headers.of("Content-Type", FormText.CONTENT_TYPE), ScriptedBody.cut(form, cuts));
        Map<String, String> fields = new LinkedHashMap<>();
        upload.fields().all().forEach(field -> fields.put(field.getKey(), field.getValue()));
        ObjectBody body = upload.file();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            assertThat(piece.hasRemaining()).isTrue();
            while (piece.hasRemaining()) {
                file.write(piece.get());
            }
            assertThat((long) file.size()).isLessThanOrEqualTo(body.length());
        }
        return new Decoded(fields, file.toByteArray());
    }

    /** Bytes with much in them that looks like framing, and without a delimiter. */
    private byte[] content() {
        StringBuilder content = new StringBuilder();
        for (int bits = random.nextInt(60); bits > 0; bits--) {
            content.append(BITS[random.nextInt(BITS.length)]);
        }
        String text = "\r\n" + content;
        while (text.contains("\r\n--" + FormText.BOUNDARY)) {
            text = text.replace("\r\n--" + FormText.BOUNDARY, "\r\n");
        }
        return text.substring(2).getBytes(StandardCharsets.UTF_8);
    }

    private FormText form(Map<String, String> fields, byte[] file) {
        FormText form = new FormText();
        fields.forEach(form::field);
        form.file("f", file);
        for (int more = random.nextInt(3); more > 0; more--) {
            form.field("after", "x".repeat(random.nextInt(50)));
        }
        return form;
    }

    private Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", "k" + random.nextInt());
        for (int more = random.nextInt(4); more > 0; more--) {
            fields.put("field-" + more, new String(content(), StandardCharsets.UTF_8));
        }
        return fields;
    }

    @Test
    void formsComeOutAsTheyWentIn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, String> fields = fields();
            byte[] file = content();
            Decoded decoded = decode(form(fields, file).bytes());
            assertThat(decoded.fields()).as("seed %d, round %d", seed, round).isEqualTo(fields);
            assertThat(decoded.file()).as("seed %d, round %d", seed, round).isEqualTo(file);
        }
    }

    @Test
    void damagedFormsAreRefusedOrTakenAndNothingElse() {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] form = form(fields(), content()).bytes();
            for (int damage = 1 + random.nextInt(3); damage > 0; damage--) {
                form = damaged(form);
            }
            try {
                decode(form);
            } catch (S3Exception e) {
                assertThat(e.error().status())
                        .as("seed %d, round %d", seed, round)
                        .isBetween(400, 499);
                refused++;
            } catch (Exception e) {
                throw new AssertionError("seed %d, round %d".formatted(seed, round), e);
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(ROUNDS / 5);
    }

    @Test
    void nonsenseIsRefused() {
        for (int round = 0; round < ROUNDS; round++) {
            FormText text = new FormText();
            for (int bits = random.nextInt(40); bits > 0; bits--) {
                text.raw(BITS[random.nextInt(BITS.length)]);
            }
            try {
                decode(text.open());
                throw new AssertionError("taken: seed %d, round %d".formatted(seed, round));
            } catch (S3Exception e) {
                assertThat(e.error().status())
                        .as("seed %d, round %d", seed, round)
                        .isBetween(400, 499);
            } catch (Exception e) {
                throw new AssertionError("seed %d, round %d".formatted(seed, round), e);
            }
        }
    }

    private byte[] damaged(byte[] form) {
        String text = new String(form, StandardCharsets.ISO_8859_1);
        int at = random.nextInt(text.length());
        String result = switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 1 -> text.substring(0, Math.max(1, at));
            case 2 -> text.substring(0, at) + text.substring(at + 1);
            default -> text.substring(0, at) + BITS[random.nextInt(BITS.length)] + text.substring(at);
        };
        return (result.isEmpty() ? "-" : result).getBytes(StandardCharsets.ISO_8859_1);
    }
}
