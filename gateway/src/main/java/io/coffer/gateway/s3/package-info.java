/** Parse, route, run the pipeline, render the outcome; the one catch block. */
@NullMarked
package io.coffer.gateway.s3;

import org.jspecify.annotations.NullMarked;
