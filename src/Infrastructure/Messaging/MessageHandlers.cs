using System.Reflection;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Finds every static <c>Handle(message, …)</c> of this assembly, in Wolverine's way: the other parameters are
/// the aggregate that the message names by <c>{Aggregate}Id</c>, <c>now</c>, a cancellation token, or services.
/// A returned <c>(Events, OutgoingMessages)</c> is appended and queued.</summary>
public sealed class MessageHandlers
{
    private readonly Dictionary<string, (Type Message, MethodInfo Handle)> _handlers;

    public MessageHandlers(params Assembly[] assemblies) =>
        _handlers = (
            from assembly in assemblies
            from type in assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.Name is "Handle" or "HandleAsync"
            let first = method.GetParameters().FirstOrDefault()?.ParameterType
            where first is not null && first.IsAssignableTo(typeof(IMessage))
            select (first, method)).ToDictionary(found => found.first.Name);

    public async Task InvokeAsync(string type, string body, IServiceProvider services, CancellationToken cancellation)
    {
        var (messageType, handle) = _handlers[type];
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
