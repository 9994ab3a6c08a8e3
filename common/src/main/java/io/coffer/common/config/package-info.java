/** loads one file plus environment into records; refuses unknown keys */
@NullMarked
package io.coffer.common.config;

import org.jspecify.annotations.NullMarked;
