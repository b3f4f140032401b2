package dev.keyturn.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Ways in which a hand, a tool or a disk spoils a configuration file. The same seed spoils it in the same way. */
public final class Mutations {
    private static final String TELLING = "{}[]:,&*!|>'\"%@`#-? \n\t0123456789";

    private Mutations() {}

    /** Every third one changes what stands in the file, the others its bytes. */
    public static byte[] mutate(byte[] sample, int seed) {
        Random random = new Random(seed);
        return seed % 3 == 0
                ? MutableTree.of(sample).mutate(random).toString().getBytes(StandardCharsets.UTF_8)
                : bytes(sample, random);
    }

    private static byte[] bytes(byte[] sample, Random random) {
        byte[] bytes = sample;
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 4));
            byte[] piece = Arrays.copyOfRange(bytes, at, end);
            bytes = switch (random.nextInt(5)) {
                case 0 -> splice(bytes, at, at + 1, new byte[] {(byte) (bytes[at] ^ (1 << random.nextInt(8)))});
                case 1 -> splice(bytes, at, end, new byte[0]);
                case 2 -> splice(bytes, at, at, piece);
                case 3 -> splice(bytes, at, at, new byte[] {(byte) TELLING.charAt(random.nextInt(TELLING.length()))});
                default -> splice(bytes, random.nextInt(at + 1), at, piece);
            };
            if (bytes.length == 0) {
                return bytes;
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        result.write(bytes, 0, from);
        result.writeBytes(replacement);
        result.write(bytes, to, bytes.length - to);
        return result.toByteArray();
    }
}
