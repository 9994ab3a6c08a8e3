package io.coffer.deploy.node;

import io.coffer.common.time.WallClock;
import java.util.Map;

/**
 * What a process of a cluster gets from outside beside its configuration.
 *
 * @param environment variables
 * @param clock this host's
 * @param dismissal told when this process is no node of the cluster any more
 */
record Surroundings(Map<String, String> environment, WallClock clock, Dismissal dismissal) {}
