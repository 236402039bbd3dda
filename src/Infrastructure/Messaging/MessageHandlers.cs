using System.Reflection;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Finds every static <c>Handle(message, …)</c> of this assembly, in Wolverine's way: the other parameters are
/// the aggregate that the message names by <c>{Aggregate}Id</c>, <c>now</c>, a cancellation token, or services.
/// A returned <c>(Events, OutgoingMessages)</c> is appended and queued. A <c>Parked(message, …)</c> beside it is for the message
/// that was tried too often.</summary>
public sealed class MessageHandlers(params Assembly[] assemblies)
{
    private readonly Dictionary<string, MethodInfo> _handlers = Find(assemblies, "Handle", "HandleAsync");
    private readonly Dictionary<string, MethodInfo> _parked = Find(assemblies, "Parked");

    public Task InvokeAsync(string type, string body, IServiceProvider services, CancellationToken cancellation) =>
        InvokeAsync(_handlers[type], body, services, cancellation);

    /// <summary>What follows when a message is given up; nothing for most.</summary>
    public Task ParkedAsync(string type, string body, IServiceProvider services, CancellationToken cancellation) =>
        _parked.TryGetValue(type, out var parked) ? InvokeAsync(parked, body, services, cancellation) : Task.CompletedTask;

    private static Dictionary<string, MethodInfo> Find(Assembly[] assemblies, params string[] names) => (
        from assembly in assemblies
        from type in assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where names.Contains(method.Name)
        let first = method.GetParameters().FirstOrDefault()?.ParameterType
        where first is not null && first.IsAssignableTo(typeof(IMessage))
        select (first, method)).ToDictionary(found => found.first.Name, found => found.method);

    private static async Task InvokeAsync(MethodInfo handle, string body, IServiceProvider services, CancellationToken cancellation)
    {
        var messageType = handle.GetParameters()[0].ParameterType;
        var message = (IMessage)JsonSerializer.Deserialize(body, messageType)!;
        var session = services.GetRequiredService<IDocumentSession>();
        IEventStream<IAggregate>? stream = null;
        var arguments = new List<object?>();
        foreach (var parameter in handle.GetParameters())
        {
            if (parameter.ParameterType.IsAssignableTo(typeof(IAggregate)))
            {
                stream = await FetchAsync(session, parameter.ParameterType, message, cancellation);
                if (stream is null)
                    return; // Erased meanwhile: nothing is left to do.
                arguments.Add(stream.Aggregate);
            }
            else
            {
                arguments.Add(
                    parameter.ParameterType == messageType ? message
                    : parameter.ParameterType == typeof(DateTimeOffset) ? services.GetRequiredService<TimeProvider>().GetUtcNow()
                    : parameter.ParameterType == typeof(CancellationToken) ? cancellation
                    : services.GetRequiredService(parameter.ParameterType));
            }
        }

        var result = handle.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. arguments], null);
        if (result is Task task)
            await task;
        if (result is ValueTuple<Events, OutgoingMessages> decided)
        {
            stream!.AppendMany(decided.Item1);
            session.Publish(decided.Item2);
        }
    }

    private static async Task<IEventStream<IAggregate>?> FetchAsync(IDocumentSession session, Type aggregate, IMessage message, CancellationToken cancellation)
    {
        var id = (Guid)message.GetType().GetProperty(aggregate.Name + "Id")!.GetValue(message)!;
        var fetch = (Task)typeof(IEventStore).GetMethod(nameof(IEventStore.FetchForWriting))!.MakeGenericMethod(aggregate)
            .Invoke(session.Events, BindingFlags.DoNotWrapExceptions, null, [id, cancellation], null)!;
        await fetch;
        return (IEventStream<IAggregate>?)fetch.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(fetch);
    }
}
