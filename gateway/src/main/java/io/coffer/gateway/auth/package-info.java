/** Signatures (V4 header, presigned, chunk, form; V2), then the policy decision. */
@NullMarked
package io.coffer.gateway.auth;

import org.jspecify.annotations.NullMarked;
