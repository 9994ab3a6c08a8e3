package io.coffer.it.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, and what it has; a test is skipped, and says why, where something is missing. */
public final class ContainerEngine {
    private ContainerEngine() {}

    public static void assumeImage(String image) {
        assume(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine runs here");
        assume(isThere(image), "there is no image " + image + " (.ci/image makes it)");
    }

    static void assumeCompose() throws InterruptedException {
        assume(hasCompose(), "there is no docker compose");
    }

    private static boolean hasCompose() throws InterruptedException {
        try {
            Process version = new ProcessBuilder("docker", "compose", "version")
                    .redirectErrorStream(true)
                    .start();
            version.getInputStream().transferTo(OutputStream.nullOutputStream());
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assume(boolean fulfilled, String otherwise) {
        if (!fulfilled) {
            System.out.println("Skipped, because " + otherwise);
        }
        assumeTrue(fulfilled, otherwise);
    }

    private static boolean isThere(String image) {
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }
}
