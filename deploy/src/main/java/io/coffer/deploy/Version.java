package io.coffer.deploy;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, as the jar's manifest tells it. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"coffer " + number()};
    }

    /** The bare number; {@code development} when it doesn't run from a jar. */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
