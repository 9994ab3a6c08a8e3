package io.coffer.gateway.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class XmlWriterTest {
    private static final String PROLOGUE = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private static String text(String value) {
        String document = new XmlWriter().element("a", value).toString();
        return document.substring(PROLOGUE.length() + "<a>".length(), document.length() - "</a>".length());
    }

    @Test
    void writesElementsInTheNamespaceOfS3() {
        assertThat(new XmlWriter()
                        .root("R")
                        .open("A")
                        .element("B", 7)
                        .element("C", true)
                        .element("D", "")
                        .close("A")
                        .close("R"))
                .hasToString(PROLOGUE + "<R xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + "<A><B>7</B><C>true</C><D/></A></R>");
    }

    @Test
    void escapesMarkup() {
        assertThat(text("a&b<c>\"d'")).isEqualTo("a&amp;b&lt;c&gt;&quot;d'");
    }

    @Test
    void writesWhatXmlCannotHoldAsReferences() {
        assertThat(text("a\u0001b\rc\nd\ufffe")).isEqualTo("a&#x1;b&#13;c\nd&#xfffe;");
        assertThat(text("lone \ud83d end")).isEqualTo("lone &#xd83d; end");
    }

    @Test
    void writesUtf8() {
        String all = "ä ß € 漢 😀 \u007f";
        assertThat(text(all)).isEqualTo(all);
        assertThat(new String(new XmlWriter().element("k", all).document().array(), StandardCharsets.UTF_8))
                .contains(all);
    }

    @Test
    void quotesEntityTags() {
        assertThat(new XmlWriter().etag("ETag", "abc-2")).hasToString(PROLOGUE + "<ETag>&quot;abc-2&quot;</ETag>");
    }

    @Test
    void writesTimesInMilliseconds() {
        Random random = new Random(7);
        DateTimeFormatter expected =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        for (int i = 0; i < 1000; i++) {
            long millis = random.nextLong(4_102_444_800_000L);
            assertThat(new XmlWriter().timestamp("T", millis))
                    .hasToString(PROLOGUE + "<T>" + expected.format(Instant.ofEpochMilli(millis)) + "</T>");
        }
    }

    @Test
    void encodesUrlsAsAmazonDoes() {
        assertThat(UrlEncoding.encode("plain/key-1_2.3*")).isEqualTo("plain/key-1_2.3*");
        assertThat(UrlEncoding.encode("a b+c%d~e(f)ä\u0001")).isEqualTo("a+b%2Bc%25d%7Ee%28f%29%C3%A4%01");
    }
}
