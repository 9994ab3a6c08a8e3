package io.coffer.gateway.http;

/**
 * What a server's connections share.
 *
 * @param requests runs one request each on a thread that may block
 */
record ServerContext(
        HttpLimits limits,
        ExchangeHandler handler,
        HttpErrorRenderer errors,
        RequestStarts requests,
        HttpCounters counters,
        InboundBudget budget,
        DateHeader date,
        boolean secure) {}
