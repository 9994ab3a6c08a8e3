package io.coffer.gateway.form;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes forms as browsers do, and as nobody should. */
public final class FormText {
    public static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    public static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public FormText raw(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    public FormText raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public FormText field(String name, String value) {
        return raw(
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
    }

    public FormText file(String filename, String content) {
        return file(filename, content.getBytes(StandardCharsets.UTF_8));
    }

    public FormText file(String filename, byte[] content) {
        return raw("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename
                        + "\"\r\nContent-Type: image/png\r\n\r\n")
                .raw(content)
                .raw("\r\n");
    }

    /** The whole form, closed. */
    public byte[] bytes() {
        return raw("--" + BOUNDARY + "--\r\n").open();
    }

    /** What was written, not closed. */
    public byte[] open() {
        return out.toByteArray();
    }
}
