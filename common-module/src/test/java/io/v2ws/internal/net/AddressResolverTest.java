package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AddressResolverTest {
    @Test
    void everySecondHasAnotherSpellingOfTheSameName() {
        String name = "tunnel.example.org";
        Set<String> spellings = LongStream.range(0, 35)
                .mapToObj(second -> AddressResolver.otherSpelling(name, second))
                .collect(Collectors.toSet());
        assertThat(spellings).hasSize(35).doesNotContain(name).allMatch(name::equalsIgnoreCase);
    }

    @Test
    void aNameOfOneLetterStillHasAnother() {
        assertThat(AddressResolver.otherSpelling("a-1", 0)).isEqualTo("A-1");
        assertThat(AddressResolver.otherSpelling("1-1", 0)).isEqualTo("1-1");
    }
}
