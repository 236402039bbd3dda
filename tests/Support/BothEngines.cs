using System.Reflection;
using System.Runtime.CompilerServices;
using PatientResponse.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(BothEngines))]

namespace PatientResponse.Tests.Support;

/// <summary>Runs every test that starts a <see cref="TestApp"/> twice: on SQLite, and once more on PostgreSQL. A test need not
/// do anything for it, and none can be forgotten.</summary>
public sealed class BothEngines : XunitTestFramework
{
    private const string Trait = "Engine";

    /// <summary>The engine that a <see cref="TestApp"/> of the test that runs now is to use.</summary>
    public static string OfThisTest => Engines.Postgres == EngineOf(TestContext.Current.TestCase) ? Engines.Postgres : Engines.Sqlite;

    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) => new Discoverer(new XunitTestAssembly(assembly));

    private static string? EngineOf(ITestCaseMetadata? test) => test?.Traits.GetValueOrDefault(Trait)?.FirstOrDefault();

    private sealed class Discoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
    {
        protected override ValueTask<bool> FindTestsForMethod(
            IXunitTestMethod testMethod, ITestFrameworkDiscoveryOptions discoveryOptions, Func<ITestCase, ValueTask<bool>> discoveryCallback) =>
            base.FindTestsForMethod(testMethod, discoveryOptions, !StartsApp(testMethod.Method)
                ? discoveryCallback
                : async test => await discoveryCallback(test) && await discoveryCallback(OnPostgres((IXunitTestCase)test)));

        /// <summary>A test that is told the engine runs on each anyway.</summary>
        private static bool StartsApp(MethodInfo test) =>
            (HasApp(test.DeclaringType!) || HasAppInside(test)) && test.GetParameters().All(parameter => parameter.Name != "engine");

        /// <summary>An asynchronous method keeps its variables in fields.</summary>
        private static bool HasAppInside(MethodInfo test) =>
            test.GetCustomAttribute<AsyncStateMachineAttribute>() is { } machine && HasApp(machine.StateMachineType);

        /// <summary>A base class's own fields are its own, and what a lambda uses is in an object that the compiler made.</summary>
        private static bool HasApp(Type? type) => type is not null
            && (type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(field => field.FieldType == typeof(TestApp) || (IsClosure(field.FieldType) && HasApp(field.FieldType))) || HasApp(type.BaseType));

        private static bool IsClosure(Type type) => type.IsNested && type.Name.Contains("DisplayClass", StringComparison.Ordinal);

        private static XunitTestCase OnPostgres(IXunitTestCase test)
        {
            var (name, id) = ($"{test.TestCaseDisplayName} [{Engines.Postgres}]", $"{test.UniqueID} {Engines.Postgres}");
            var traits = test.Traits.ToDictionary(trait => trait.Key, trait => trait.Value.ToHashSet());
            traits[Trait] = [Engines.Postgres];
            return test is XunitDelayEnumeratedTheoryTestCase theory
                ? new XunitDelayEnumeratedTheoryTestCase(test.TestMethod, name, id, test.Explicit, theory.SkipTestWithoutData, test.SkipExceptions,
                    test.SkipReason, test.SkipType, test.SkipUnless, test.SkipWhen, traits, timeout: test.Timeout)
                : new XunitTestCase(test.TestMethod, name, id, test.Explicit, test.SkipExceptions, test.SkipReason, test.SkipType, test.SkipUnless,
                    test.SkipWhen, traits, ((XunitTestCase)test).TestMethodArguments, timeout: test.Timeout);
        }
    }
}
