/** S3 operations on an object: one class per operation. */
@NullMarked
package io.coffer.gateway.s3.operation.object;

import org.jspecify.annotations.NullMarked;
