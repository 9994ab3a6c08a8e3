package io.coffer.deploy.bench;

import io.coffer.common.unit.DataSize;
import io.coffer.common.unit.Durations;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/** {@code coffer bench}: exits with 1 if nothing succeeded or the server gave something wrong for right. */
@Command(
        name = "bench",
        description = "Load an S3 endpoint and tell how it does.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchCommand implements Callable<Integer> {
    private static final int MAX_BATCH = 1000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "put|get|mixed|list|delete", description = "What the clients do.")
    @SuppressWarnings("NullAway.Init")
    private Workload workload;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9000",
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String endpoint;

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            defaultValue = "coffer-bench",
            description = "Created if missing. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String bucket;

    @Option(names = "--access-key", paramLabel = "ID", description = "Or AWS_ACCESS_KEY_ID, or COFFER_ROOT_ACCESS_KEY.")
    private @Nullable String accessKey;

    @Option(
            names = "--secret-key",
            paramLabel = "SECRET",
            description = "Or AWS_SECRET_ACCESS_KEY, or COFFER_ROOT_SECRET_KEY.")
    private @Nullable String secretKey;

    @Option(
            names = "--region",
            paramLabel = "NAME",
            defaultValue = "us-east-1",
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String region;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            converter = Size.class,
            description = "Of an object. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private DataSize size;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "32",
            description = "Connections, each with one request at a time. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Time.class,
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration duration;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "3s",
            converter = Time.class,
            description = "Runs before anything counts; not for delete. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration warmup;

    @Option(
            names = "--operations",
            paramLabel = "N",
            defaultValue = "0",
            description = "End after so many, even before the duration's end.")
    private long operations;

    @Option(
            names = "--objects",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many keys there are. Default: ${DEFAULT-VALUE}.")
    private int objects;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            defaultValue = "bench/",
            description = "Of every key. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String prefix;

    @Option(names = "--no-prepare", description = "Don't make the objects that get, mixed and delete need.")
    private boolean noPrepare;

    @Option(
            names = "--write-percent",
            paramLabel = "N",
            defaultValue = "30",
            description = "The share of PUT in mixed. Default: ${DEFAULT-VALUE}.")
    private int writePercent;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Keys per DeleteObjects; 1 is DeleteObject.")
    private int batch;

    @Option(
            names = "--page-size",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Keys per page of list. Default: ${DEFAULT-VALUE}.")
    private int pageSize;

    @Option(names = "--delimiter", paramLabel = "TEXT", defaultValue = "", description = "Of list.")
    @SuppressWarnings("NullAway.Init")
    private String delimiter;

    @Option(names = "--verify", description = "Check every byte that is read, and every ETag.")
    private boolean verify;

    @Option(names = "--sign-payload", description = "Hash bodies into the signature instead of UNSIGNED-PAYLOAD.")
    private boolean signPayload;

    @Option(names = "--no-keepalive", description = "A connection per request.")
    private boolean noKeepAlive;

    @Option(names = "--insecure", description = "Take any certificate.")
    private boolean insecure;

    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            description = "Tell that process' CPU time per operation and its memory, too.")
    private @Nullable Long serverPid;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /** A size as people write it. */
    static final class Size implements ITypeConverter<DataSize> {
        @Override
        public DataSize convert(String value) {
            try {
                return DataSize.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** A duration as people write it. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                return Durations.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        BenchSettings settings = settings();
        Optional<ServerProcess> server = Optional.ofNullable(serverPid).map(ServerProcess::new);
        boolean terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        Optional<PrintStream> live = terminal ? Optional.of(System.err) : Optional.empty();
        BenchResult result = new BenchRun(settings, InstantSource.system(), server, live).run();
        PrintStream out = System.out;
        if (json) {
            out.println(new JsonMapper().writeValueAsString(result.toMap()));
        } else {
            out.print(result.toText());
        }
        out.flush();
        return result.failed() ? 1 : 0;
    }

    private BenchSettings settings() {
        require(concurrency >= 1, "--concurrency must be at least 1");
        require(objects >= 1, "--objects must be at least 1");
        require(writePercent >= 0 && writePercent <= 100, "--write-percent must be 0 to 100");
        require(batch >= 1 && batch <= MAX_BATCH, "--batch must be 1 to 1000");
        try {
            return new BenchSettings(
                    workload,
                    Endpoint.parse(endpoint),
                    new BenchSettings.Credentials(
                            credential(accessKey, "AWS_ACCESS_KEY_ID", "COFFER_ROOT_ACCESS_KEY", "--access-key"),
                            credential(secretKey, "AWS_SECRET_ACCESS_KEY", "COFFER_ROOT_SECRET_KEY", "--secret-key")),
                    region,
                    bucket,
                    size.bytes(),
                    concurrency,
                    workload == Workload.DELETE ? Duration.ZERO : warmup,
                    duration,
                    operations,
                    objects,
                    prefix,
                    verify,
                    signPayload,
                    !noKeepAlive,
                    insecure,
                    !noPrepare,
                    writePercent,
                    batch,
                    pageSize,
                    delimiter);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private String credential(@Nullable String given, String variable, String other, String option) {
        if (given != null) {
            return given;
        }
        String value = System.getenv(variable) != null ? System.getenv(variable) : System.getenv(other);
        require(value != null, "give " + option + ", or set " + variable);
        return value == null ? "" : value;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
