/** Wire documents as records with the only XML codec. */
@NullMarked
package io.coffer.gateway.s3.xml;

import org.jspecify.annotations.NullMarked;
