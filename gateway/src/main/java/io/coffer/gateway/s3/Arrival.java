package io.coffer.gateway.s3;

import io.coffer.gateway.auth.Authentication;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.payload.ObjectBody;
import org.jspecify.annotations.Nullable;

/**
 * A request that told who sent it.
 *
 * @param opened the body, when it had to be read to know that; else null
 */
record Arrival(
        RequestHead head,
        ParsedRequest parsed,
        Authentication authentication,
        @Nullable ObjectBody opened) {}
