package io.coffer.it;

import io.coffer.deploy.admin.AdminClient;
import io.coffer.deploy.admin.AdminFailure;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The admin interface without the command line, for what is asked again and again: a JVM for each question would be most of the load. */
final class AdminInterface {
    private AdminInterface() {}

    /** What {@code coffer admin status} tells. */
    static JsonNode status(URI admin) throws IOException {
        try (AdminClient client = new AdminClient(
                admin, StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY, Optional.empty(), InstantSource.system())) {
            return client.get("status");
        } catch (AdminFailure e) {
            throw new IOException(e);
        }
    }
}
