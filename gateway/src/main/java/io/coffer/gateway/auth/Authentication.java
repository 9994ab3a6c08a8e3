package io.coffer.gateway.auth;

import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.operation.Identity;

/** Who sent a request, and what the signature promises about its body. */
public record Authentication(Identity identity, PayloadCheck payload) {}
