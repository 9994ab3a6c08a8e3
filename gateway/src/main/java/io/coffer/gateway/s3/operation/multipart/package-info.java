/** S3 operations on multipart uploads: one class per operation. */
@NullMarked
package io.coffer.gateway.s3.operation.multipart;

import org.jspecify.annotations.NullMarked;
