/** S3 operations on the service: one class per operation. */
@NullMarked
package io.coffer.gateway.s3.operation.service;

import org.jspecify.annotations.NullMarked;
