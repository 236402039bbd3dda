using System.Reflection;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Storage;
using Wolverine;
using IMessage = PatientResponse.Infrastructure.Storage.IMessage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>How Wolverine is used here.</summary>
/// <param name="more">Handlers of another assembly's: the tests'.</param>
internal sealed class WolverineSettings(IOptions<MessagingOptions> messaging, IEnumerable<HandlersOf> more) : IWolverineExtension
{
    public void Configure(WolverineOptions options)
    {
        Find(options, [typeof(Program).Assembly, .. more.Select(handlers => handlers.Assembly)]);
        Generate(options);
        FailedMessages.Use(options);
        options.Policies.AddMiddleware(typeof(Handling));
        // A handler's calls have limits of their own, and one that is cut off leaves us unsure of its outcome.
        options.DefaultExecutionTimeout = TimeSpan.FromHours(1);
        Share(options, messaging.Value);
    }

    /// <summary>By convention every public *Handler would be one, pure deciders too: only what handles a message is.</summary>
    private static void Find(WolverineOptions options, IEnumerable<Assembly> assemblies)
    {
        options.Discovery.DisableConventionalDiscovery();
        foreach (var handler in assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsHandler).OrderBy(type => type.FullName, StringComparer.Ordinal))
            options.Discovery.IncludeType(handler);
    }

    private static bool IsHandler(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Any(method =>
        method.Name is "Handle" or "HandleAsync" && method.GetParameters() is [{ } first, ..] && first.ParameterType.IsAssignableTo(typeof(IMessage)));

    /// <summary>The code around the handlers is generated before and committed: nothing is compiled while the product runs.</summary>
    private static void Generate(WolverineOptions options)
    {
        options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
        options.CodeGeneration.SourceCodeWritingEnabled = false;
        options.ServiceLocationPolicy = ServiceLocationPolicy.AlwaysAllowed;
        // One of each for a message: what the handler changes and the end of its message are one save.
        options.CodeGeneration.AlwaysUseServiceLocationFor<IDocumentSession>();
        options.CodeGeneration.AlwaysUseServiceLocationFor<MessageInHand>();
    }

    private static void Share(WolverineOptions options, MessagingOptions messaging)
    {
        var durability = options.Durability;
        options.AutoBuildMessageStorageOnStartup = AutoCreate.None;
        durability.DurabilityMetricsEnabled = false;
        durability.NodeAssignmentHealthCheckTracingEnabled = false;
        if (messaging.Workers == 0)
        {
            // Messages are saved and left to others.
            durability.Mode = DurabilityMode.MediatorOnly;
            durability.DurabilityAgentEnabled = false;
            return;
        }
        options.LocalQueue(Envelopes.Queue.Host).UseDurableInbox(new(MessageQueue.MostInMemory, MessageQueue.MostInMemory / 2)).MaximumParallelMessages(messaging.Workers);
        durability.Mode = DurabilityMode.Balanced;
        durability.RecoveryBatchSize = MessageQueue.MostInMemory / 2;
        durability.ScheduledJobPollingTime = TimeSpan.FromSeconds(1);
        durability.ScheduledJobFirstExecution = TimeSpan.FromMilliseconds(200);
        // A process that died is missed after 8 seconds, and its messages are done by others within 15.
        durability.StaleNodeTimeout = TimeSpan.FromSeconds(8);
        durability.HealthCheckPollingTime = TimeSpan.FromSeconds(2);
        durability.FirstHealthCheckExecution = TimeSpan.FromSeconds(1);
        durability.OrphanedMessageSweepPollingTime = TimeSpan.FromSeconds(1);
        durability.CheckAssignmentPeriod = TimeSpan.FromSeconds(2);
        durability.DrainTimeout = messaging.FinishWithin;
    }
}

/// <summary>An assembly with handlers besides the product's own.</summary>
public sealed record HandlersOf(Assembly Assembly);
