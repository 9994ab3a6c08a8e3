package io.coffer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import io.coffer.common.trace.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What docs/operations/logs.md says of a line. */
class LogFormatTest {
    private static final Pattern PATTERN = Pattern.compile("<pattern>(.*)</pattern>");

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    private String encode(EncoderBase<ILoggingEvent> encoder, Work work) {
        encoder.setContext(context);
        encoder.start();
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.coffer.gateway.s3.S3Service"), Level.WARN, "it took {}", null, new Object[] {5
                });
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        try (Work.Scope scope = work.enter()) {
            event.getMDCPropertyMap();
        }
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = LogFormatTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static PatternLayoutEncoder text() throws IOException {
        Matcher matcher = PATTERN.matcher(resource("/logback-text.xml"));
        assertThat(matcher.find()).isTrue();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(matcher.group(1));
        return encoder;
    }

    @Test
    void aLineNamesTheRequestThatItIsAbout() throws IOException {
        assertThat(encode(text(), new Work("4F1C09A2B7D3E655")))
                .isEqualTo("2026-01-02T03:04:05.678Z WARN  i.c.gateway.s3.S3Service 4F1C09A2B7D3E655 it took 5 \n");
        assertThat(encode(text(), Work.NONE))
                .isEqualTo("2026-01-02T03:04:05.678Z WARN  i.c.gateway.s3.S3Service - it took 5 \n");
    }

    @Test
    void aJsonLineToo() throws IOException {
        assertThat(resource("/logback-json.xml")).contains("<withFormattedMessage>true</withFormattedMessage>");
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithFormattedMessage(true);
        String line = encode(encoder, new Work("4F1C09A2B7D3E655"));
        assertThat(line)
                .contains("\"mdc\": {\"request\":\"4F1C09A2B7D3E655\"}")
                .contains("\"formattedMessage\":\"it took 5\"");
    }
}
