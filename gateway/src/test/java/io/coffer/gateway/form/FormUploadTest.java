package io.coffer.gateway.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.http.RequestBodyException;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.payload.ScriptedBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormUploadTest {
    private static final String HEAD = "--" + FormText.BOUNDARY + "\r\n";
    private static final String END = "\r\n--" + FormText.BOUNDARY + "--\r\n";

    private static FormUpload open(RequestBody body) throws Exception {
        return FormUpload.open(Headers.of("Content-Type", FormText.CONTENT_TYPE), body);
    }

    private static FormUpload open(byte[] form) throws Exception {
        return open(ScriptedBody.inPiecesOf(7, form));
    }

    private static byte[] read(ObjectBody file) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece = file.read(); piece != null; piece = file.read()) {
            while (piece.hasRemaining()) {
                all.write(piece.get());
            }
            assertThat((long) all.size()).as("what is lent").isLessThanOrEqualTo(file.length());
        }
        return all.toByteArray();
    }

    private static String text(byte[] form) throws Exception {
        return new String(read(open(form).file()), StandardCharsets.UTF_8);
    }

    private static S3Exception refusal(byte[] form) {
        try {
            throw new AssertionError("taken: " + text(form));
        } catch (S3Exception e) {
            return e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static FormText form() {
        return new FormText().field("key", "dir/${filename}").field("Content-Type", "text/plain");
    }

    @Test
    void fieldsAndFileAreTheSameWhereverTheBodyIsCut() throws Exception {
        byte[] content = ("a\r\n--" + FormText.BOUNDARY.substring(1) + "\r\r\n\r\n--\n" + "\r\n--")
                .getBytes(StandardCharsets.UTF_8);
        byte[] form = form().field("x-amz-meta-a", "ä\r\nb")
                .file("ü.txt", content)
                .field("submit", "go")
                .bytes();
        for (int size = 1; size <= form.length; size++) {
            FormUpload upload = open(ScriptedBody.inPiecesOf(size, form));
            assertThat(upload.key()).isEqualTo("dir/ü.txt");
            assertThat(upload.fields().value("content-type")).isEqualTo("text/plain");
            assertThat(upload.fields().value("x-amz-meta-a")).isEqualTo("ä\r\nb");
            assertThat(upload.fields().contains("submit")).isFalse();
            assertThat(read(upload.file())).as("pieces of %d", size).isEqualTo(content);
        }
    }

    @Test
    void aFormThatEndsBehindItsFileTellsTheFilesLengthToTheByte() throws Exception {
        ObjectBody file = open(form().file("x", "12345")
                        .raw("--" + FormText.BOUNDARY + "--")
                        .open())
                .file();
        assertThat(file.length()).isEqualTo(5);
        assertThat(file.mayBeShorter()).isTrue();
        assertThat(read(file)).hasSize(5);
        assertThat(file.read()).isNull();
        assertThat(open(form().file("x", "12345").bytes()).file().length()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "photo.png, photo.png",
        "C:\\dir\\photo.png, photo.png",
        "a/b\\c/photo.png, photo.png",
        "'', ''",
        "C:\\dir\\, ''",
        "'say \\\"hi\\\".txt', 'say \"hi\".txt'"
    })
    void theVariableIsTheFilesNameWithoutItsPath(String filename, String name) throws Exception {
        assertThat(open(form().file(filename, "x").bytes()).key()).isEqualTo("dir/" + name);
    }

    @Test
    void theVariableStaysWhereTheFileHasNoName() throws Exception {
        byte[] form = form().field("file", "content").bytes();
        assertThat(open(form).key()).isEqualTo("dir/${filename}");
        assertThat(text(form)).isEqualTo("content");
    }

    @Test
    void fieldsOfOneNameAreAList() throws Exception {
        byte[] form = new FormText()
                .field("key", "k")
                .field("x-amz-meta-tag", "Ninja")
                .field("X-Amz-Meta-Tag", "Stallman")
                .file("f", "")
                .bytes();
        assertThat(open(form).fields().value("x-amz-meta-tag")).isEqualTo("Ninja,Stallman");
        assertThat(text(form)).isEmpty();
    }

    @Test
    void partsMayHaveNoContentAtAll() throws Exception {
        byte[] form = new FormText()
                .field("key", "k")
                .raw(HEAD + "Content-Disposition: form-data; name=acl\r\n\r\n")
                .file("f", "x")
                .bytes();
        assertThat(open(form).fields().value("acl")).isEmpty();
        assertThat(text(form)).isEqualTo("x");
    }

    @Test
    void whatIsAroundTheFormAndBlanksBehindDelimitersAreIgnored() throws Exception {
        byte[] form = new FormText()
                .raw("a preamble\r\nof two lines\r\n--" + FormText.BOUNDARY
                        + " \t\r\ncontent-disposition:form-data ; NAME=key;\r\nX: y\r\n\r\nk\r\n")
                .file("f", "x")
                .raw("--" + FormText.BOUNDARY + "--  \r\nan epilogue")
                .open();
        assertThat(open(form).key()).isEqualTo("k");
        assertThat(text(form)).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "key=k&file=x",
                "--",
                HEAD,
                HEAD + "Content-Disposition: form-data; name=\"key\"\r\n\r\nk",
                HEAD + "Content-Disposition: form-data; name=\"key\"\r\n\r\nk" + "\r\n--" + FormText.BOUNDARY,
                HEAD + "Content-Disposition: form-data; name=\"key\r\n\r\nk" + END,
                HEAD + "Content-Disposition: form-data; name=\"key\"x\r\n\r\nk" + END,
                HEAD + "Content-Disposition: form-data; name=\"key\"; name=\"key\"\r\n\r\nk" + END,
                HEAD + "Content-Disposition: form-data\r\n\r\nk" + END,
                HEAD + "Content-Disposition: form-data; filename=x\r\n\r\nk" + END,
                HEAD + "Content-Disposition: attachment; name=\"key\"\r\n\r\nk" + END,
                HEAD + "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nk"
                        + END,
                HEAD + "Content-Type: text/plain\r\n\r\nk" + END,
                HEAD + "\r\nk" + END,
                "--" + FormText.BOUNDARY + "x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk" + END,
                HEAD + "Content-Disposition: form-data; name=\"key\"\n\nk" + END,
                HEAD + "Content-Disposition: form-data; name=\"key\"\rx\r\n\r\nk" + END
            })
    void whatIsNoFormIsRefused(String body) {
        S3Exception refusal = refusal(body.getBytes(StandardCharsets.UTF_8));
        assertThat(refusal.error()).isEqualTo(S3Error.MALFORMED_POST_REQUEST);
        assertThat(refusal.getMessage())
                .isEqualTo("The body of your POST request is not well-formed multipart/form-data.");
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        byte[] form = new FormText()
                .raw(HEAD + "Content-Disposition: form-data; name=\"key\"\r\n\r\n")
                .raw(new byte[] {(byte) 0xc3})
                .raw(END)
                .open();
        assertThat(refusal(form).error()).isEqualTo(S3Error.MALFORMED_POST_REQUEST);
    }

    @Test
    void aFileThatBreaksOffIsNeverTaken() {
        byte[] whole = form().file("f", "content").bytes();
        int end = whole.length - "\r\n".length();
        for (int length = 0; length < end; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThat(refusal(cut).error()).as("%d bytes", length).isEqualTo(S3Error.MALFORMED_POST_REQUEST);
        }
    }

    @Test
    void aConnectionThatBreaksOffIsTold() {
        byte[] form = form().file("f", "content").open();
        assertThatThrownBy(() -> read(open(ScriptedBody.failing(form, 1000, RequestBodyException.Reason.INCOMPLETE))
                        .file()))
                .isInstanceOf(RequestBodyException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/x-www-form-urlencoded",
                "multipart/mixed; boundary=a",
                "multipart/form-datax"
            })
    void anotherTypeIsNoForm(String type) {
        assertThatThrownBy(() -> FormUpload.open(Headers.of("Content-Type", type), ScriptedBody.whole(new byte[0])))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.error()).isEqualTo(S3Error.PRECONDITION_FAILED);
                    assertThat(e.details())
                            .containsEntry(
                                    "Condition", "Bucket POST must be of the enclosure-type multipart/form-data");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; charset=utf-8",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"a",
                "multipart/form-data; boundary=\"a \"",
                "multipart/form-data; boundary=a\u00e4",
                "multipart/form-data; boundary=a*",
                "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901"
            })
    void aFormNeedsABoundary(String type) {
        assertThatThrownBy(() -> FormUpload.open(Headers.of("Content-Type", type), ScriptedBody.whole(new byte[0])))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_POST_REQUEST));
    }

    @Test
    void aBoundaryMayBeQuoted() throws Exception {
        Headers headers = Headers.of("Content-Type", "Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\"");
        String form = "--a b:c\r\nContent-Disposition: form-data; name=key\r\n\r\nk\r\n"
                + "--a b:c\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--a b:c--";
        assertThat(read(FormUpload.open(headers, ScriptedBody.whole(form.getBytes(StandardCharsets.UTF_8)))
                        .file()))
                .containsExactly('x');
    }

    @Test
    void exactlyOneFileIsTaken() {
        assertThat(refusal(new FormText().field("key", "k").bytes()).details()).containsEntry("ArgumentValue", "0");
        S3Exception two =
                refusal(form().file("a", "x").field("b", "c").file("d", "y").bytes());
        assertThat(two.error()).isEqualTo(S3Error.INCORRECT_NUMBER_OF_FILES);
        assertThat(two.details()).containsEntry("ArgumentValue", "2");
    }

    @Test
    void aKeyIsNeededBeforeTheFile() {
        S3Exception missing =
                refusal(new FormText().file("f", "x").field("key", "k").bytes());
        assertThat(missing.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(missing.getMessage())
                .isEqualTo(
                        "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.");
        assertThat(missing.details()).containsEntry("ArgumentName", "key").containsEntry("ArgumentValue", "");
        assertThat(refusal(new FormText().field("key", "").file("f", "x").bytes())
                        .getMessage())
                .isEqualTo("User key must have a length greater than 0.");
    }

    @Test
    void allButTheFileIsBoundedTogether() throws Exception {
        byte[] empty =
                new FormText().field("key", "k").field("x", "").file("f", "").bytes();
        int room = FormReader.MAX_BYTES_BESIDE_FILE - empty.length;
        assertThat(text(new FormText()
                        .field("key", "k")
                        .field("x", "v".repeat(room))
                        .file("f", "y".repeat(99_999))
                        .bytes()))
                .hasSize(99_999);
        for (byte[] form : new byte[][] {
            new FormText()
                    .field("key", "k")
                    .field("x", "v".repeat(room + 1))
                    .file("f", "y")
                    .bytes(),
            new FormText()
                    .field("key", "k")
                    .field("x", "")
                    .file("f", "y")
                    .field("after", "v".repeat(room))
                    .bytes(),
            new FormText()
                    .field("key", "k")
                    .field("x", "")
                    .file("f", "y")
                    .raw("--" + FormText.BOUNDARY + "--" + "v".repeat(room + 3))
                    .open(),
            new FormText()
                    .raw("preamble".repeat(3000))
                    .field("key", "k")
                    .file("f", "y")
                    .bytes(),
            new FormText().raw(HEAD + "X: y\r\n".repeat(5000)).open(),
            new FormText().raw(HEAD + "X: " + "y".repeat(30_000)).open(),
            new FormText()
                    .raw((HEAD + "Content-Disposition: form-data; name=\"\"\r\n\r\n\r\n").repeat(300))
                    .bytes()
        }) {
            S3Exception refusal = refusal(form);
            assertThat(refusal.error()).isEqualTo(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED);
            assertThat(refusal.details()).containsEntry("MaxPostPreDataLengthBytes", "20480");
        }
    }

    @Test
    void aFormSaysHowLongItIs() {
        assertThatThrownBy(() -> open(new RequestBody() {
                    @Override
                    public long length() {
                        return -1;
                    }

                    @Override
                    public ByteBuffer read() {
                        throw new AssertionError("nothing is read");
                    }

                    @Override
                    public Headers trailers() {
                        return Headers.EMPTY;
                    }
                }))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MISSING_CONTENT_LENGTH));
    }

    @Test
    void aFileThatIsTooLargeIsRefusedBeforeItIsReadWhereThatIsClear() throws Exception {
        byte[] form = form().file("f", "").open();
        FormUpload upload = open(ScriptedBody.failing(form, 6L << 30, RequestBodyException.Reason.TIMEOUT));
        assertThatThrownBy(upload::file).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.error()).isEqualTo(S3Error.ENTITY_TOO_LARGE);
            assertThat(e.details()).containsEntry("MaxSizeAllowed", "5368709120");
        });
    }
}
