using System.Collections.Concurrent;
using System.Reflection;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Marten's convention: the event types of an aggregate are the parameter types of its <c>Apply</c> methods.</summary>
internal static class Aggregates
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<Type, MethodInvoker>> Found = new();

    public static IEnumerable<Type> EventTypes(Type aggregate) => Appliers(aggregate).Keys;

    public static void Apply(object aggregate, object @event)
    {
        if (!Appliers(aggregate.GetType()).TryGetValue(@event.GetType(), out var apply))
            throw new InvalidOperationException($"{aggregate.GetType().Name} has no Apply({@event.GetType().Name}).");
        apply.Invoke(aggregate, @event);
    }

    private static IReadOnlyDictionary<Type, MethodInvoker> Appliers(Type aggregate) => Found.GetOrAdd(aggregate, type =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.Name == "Apply" && method.GetParameters().Length == 1)
            .ToDictionary(method => method.GetParameters()[0].ParameterType, MethodInvoker.Create));
}
