/** The commands {@code coffer admin …}: a client of the admin interface. */
@NullMarked
package io.coffer.deploy.admin;

import org.jspecify.annotations.NullMarked;
