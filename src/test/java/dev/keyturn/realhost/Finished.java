package dev.keyturn.realhost;

import java.util.List;

/**
 * What came of a program that has ended.
 *
 * @param words the program and its arguments
 * @param status its exit status; 128 + N where signal N ended it
 * @param output all of its standard output, as UTF-8
 * @param errors all of its standard error, as UTF-8
 */
public record Finished(List<String> words, int status, String output, String errors) {}
