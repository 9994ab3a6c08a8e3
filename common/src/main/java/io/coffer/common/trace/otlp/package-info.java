/** Sends spans to a collector; the only user of OpenTelemetry. */
@NullMarked
package io.coffer.common.trace.otlp;

import org.jspecify.annotations.NullMarked;
