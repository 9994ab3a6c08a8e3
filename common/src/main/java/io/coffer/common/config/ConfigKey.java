package io.coffer.common.config;

/**
 * A key that a configuration can have; what the reference page lists.
 *
 * @param path with dots between sections; {@code []} follows a list of sections
 * @param variable empty where no variable can set it
 * @param defaultValue as it would be written; empty where there is none
 */
public record ConfigKey(String path, String variable, String defaultValue) {}
