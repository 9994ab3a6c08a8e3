package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a document straight to bytes, the way Amazon does: UTF-8, no white space between elements, quotes escaped, and characters
 * that XML 1.0 can't hold as character references (a client that has such keys asks for {@code encoding-type=url}). Used by one
 * thread.
 *
 * <p>Written by hand instead of bound from records, because the order of elements, empty elements and those references are part of
 * the protocol, and because listings are hot: a page of 1,000 entries takes well under a millisecond.
 */
public final class XmlWriter {
    /** The namespace of S3's documents; error documents have none. */
    public static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static final byte[] PROLOGUE =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_CAPACITY = 512;

    private byte[] bytes;
    private int length;

    public XmlWriter() {
        this(FIRST_CAPACITY);
    }

    /** @param capacity the expected length of the document, in bytes */
    public XmlWriter(int capacity) {
        bytes = new byte[Math.max(capacity, PROLOGUE.length)];
        System.arraycopy(PROLOGUE, 0, bytes, 0, PROLOGUE.length);
        length = PROLOGUE.length;
    }

    /** Opens the root element of an S3 document. */
    public XmlWriter root(String name) {
        rootTag(name);
        put('>');
        return this;
    }

    /** A document that is one element; {@code <Name xmlns="…"/>} when the text is empty. */
    public XmlWriter rootElement(String name, String text) {
        rootTag(name);
        if (text.isEmpty()) {
            put('/');
            put('>');
            return this;
        }
        put('>');
        text(text);
        return close(name);
    }

    private void rootTag(String name) {
        put('<');
        ascii(name);
        ascii(" xmlns=\"");
        ascii(NAMESPACE);
        put('"');
    }

    public XmlWriter open(String name) {
        put('<');
        ascii(name);
        put('>');
        return this;
    }

    /** Opens an element with attributes as they are to be written, e.g. {@code xsi:type="CanonicalUser"}. */
    public XmlWriter openWith(String name, String attributes) {
        put('<');
        ascii(name);
        put(' ');
        ascii(attributes);
        put('>');
        return this;
    }

    public XmlWriter close(String name) {
        put('<');
        put('/');
        ascii(name);
        put('>');
        return this;
    }

    /** An element with text; {@code <Name/>} when the text is empty. */
    public XmlWriter element(String name, String text) {
        if (text.isEmpty()) {
            put('<');
            ascii(name);
            put('/');
            put('>');
            return this;
        }
        open(name);
        text(text);
        return close(name);
    }

    /** The element, unless the text is null. */
    public XmlWriter elementIfPresent(String name, @Nullable String text) {
        return text == null ? this : element(name, text);
    }

    public XmlWriter element(String name, long number) {
        open(name);
        ascii(Long.toString(number));
        return close(name);
    }

    public XmlWriter element(String name, boolean value) {
        open(name);
        ascii(value ? "true" : "false");
        return close(name);
    }

    /** An element with an entity tag in its quotes. */
    public XmlWriter etag(String name, String tag) {
        open(name);
        ascii("&quot;");
        text(tag);
        ascii("&quot;");
        return close(name);
    }

    /** An element with an instant, as {@code 2006-02-03T16:45:09.000Z}. */
    public XmlWriter timestamp(String name, long millis) {
        open(name);
        reserve(XmlTime.LENGTH);
        XmlTime.write(millis, bytes, length);
        length += XmlTime.LENGTH;
        return close(name);
    }

    /** The document. The writer must not be used any more. */
    public ByteBuffer document() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void text(String text) {
        int plain = plainPrefix(text);
        ascii(text, plain);
        for (int i = plain; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            character(c);
        }
    }

    /** How many characters from the start need neither escaping nor more than one byte. */
    private static int plainPrefix(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '&' || c == '<' || c == '>' || c == '"') {
                return i;
            }
        }
        return text.length();
    }

    private void character(int c) {
        switch (c) {
            case '&' -> ascii("&amp;");
            case '<' -> ascii("&lt;");
            case '>' -> ascii("&gt;");
            case '"' -> ascii("&quot;");
            case '\r' -> ascii("&#13;");
            case '\t', '\n' -> put((byte) c);
            default -> {
                if (c < ' ' || c == 0xfffe || c == 0xffff || isSurrogate(c)) {
                    ascii("&#x");
                    ascii(Integer.toHexString(c));
                    put(';');
                } else {
                    utf8(c);
                }
            }
        }
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private void utf8(int c) {
        reserve(4);
        if (c < 0x80) {
            bytes[length++] = (byte) c;
        } else if (c < 0x800) {
            bytes[length++] = (byte) (0xc0 | c >> 6);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
        } else if (c < 0x10000) {
            bytes[length++] = (byte) (0xe0 | c >> 12);
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
        } else {
            bytes[length++] = (byte) (0xf0 | c >> 18);
            bytes[length++] = (byte) (0x80 | c >> 12 & 0x3f);
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
        }
    }

    private void ascii(String text) {
        ascii(text, text.length());
    }

    @SuppressWarnings("deprecation") // exactly what is meant: the low bytes of ASCII characters, copied without a loop
    private void ascii(String text, int count) {
        reserve(count);
        text.getBytes(0, count, bytes, length);
        length += count;
    }

    private void put(int b) {
        reserve(1);
        bytes[length++] = (byte) b;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
