/** What an operation is; then one class per S3 operation. */
@NullMarked
package io.coffer.gateway.s3.operation;

import org.jspecify.annotations.NullMarked;
