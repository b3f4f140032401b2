package dev.keyturn.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class IndependenceTest {
    @Test
    void usesNothingOfTheProductItJudges() {
        DescribedPredicate<JavaClass> product = JavaClass.Predicates.resideInAPackage("dev.keyturn..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("dev.keyturn.sandbox..")));
        noClasses()
                .should()
                .dependOnClassesThat(product)
                .check(new ClassFileImporter().importPackages("dev.keyturn.sandbox"));
    }
}
