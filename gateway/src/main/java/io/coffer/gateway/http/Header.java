package io.coffer.gateway.http;

/** One header line: the name as it was sent and the value without surrounding white space. */
public record Header(String name, String value) {}
