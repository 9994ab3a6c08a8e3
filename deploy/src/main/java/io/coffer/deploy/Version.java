package io.coffer.deploy;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, as the jar's manifest tells it. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"coffer " + (version == null ? "development" : version)};
    }
}
