/** S3 operations on a bucket: one class per operation. */
@NullMarked
package io.coffer.gateway.s3.operation.bucket;

import org.jspecify.annotations.NullMarked;
