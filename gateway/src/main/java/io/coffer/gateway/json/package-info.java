/** JSON as clients write it, read without leniency. */
@NullMarked
package io.coffer.gateway.json;

import org.jspecify.annotations.NullMarked;
