/** The image of the release as containers in a network of their own, put together by the Compose file as users do it. */
@NullMarked
package io.coffer.it.container;

import org.jspecify.annotations.NullMarked;
