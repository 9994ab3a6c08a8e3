/** A load generator for any S3 endpoint. */
@NullMarked
package io.coffer.deploy.bench;

import org.jspecify.annotations.NullMarked;
