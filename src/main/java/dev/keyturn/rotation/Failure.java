package dev.keyturn.rotation;

/**
 * Why a rotation did not go on, in the words an operator gets. Holds no secret.
 *
 * @param step where it stopped
 * @param kind a stable name in lower_snake_case
 * @param message what happened, with credential and place
 * @param validNow which credential logs in now, and what Dromo holds
 * @param hint what to do next
 */
public record Failure(Step step, String kind, String message, String validNow, String hint) {}
