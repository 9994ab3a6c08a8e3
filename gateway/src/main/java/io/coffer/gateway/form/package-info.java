/** Uploads by HTML forms: their parts, their fields, and the policy that was signed. */
@NullMarked
package io.coffer.gateway.form;

import org.jspecify.annotations.NullMarked;
