package dev.keyturn.endtoend;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** An oracle that shared code with the product would share its mistakes. */
class IndependenceTest {

    @Test
    void usesNothingOfTheProductItJudges() {
        String here = IndependenceTest.class.getPackageName();
        JavaClasses classes = new ClassFileImporter().importPackages(here);

        classes()
                .that()
                .resideInAPackage(here)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        here,
                        "dev.keyturn.realhost",
                        "dev.keyturn.sandbox",
                        "java..",
                        "javax.crypto..",
                        "javax.net.ssl..",
                        "com.sun.net.httpserver..",
                        "org.subethamail..",
                        "tools.jackson..",
                        "org.junit..",
                        "org.assertj..",
                        "com.tngtech.archunit..",
                        "org.jspecify..")
                .check(classes);
    }
}
