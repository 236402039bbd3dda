using System.Reflection;

namespace PatientResponse.Infrastructure.Hosting;

/// <summary>Finds what slices bring along, like their routes and commands: nothing has to be listed.</summary>
public static class Discovery
{
    /// <summary>One of every class of this assembly that is a <typeparamref name="T"/>, made with these services.</summary>
    public static IEnumerable<T> Find<T>(IServiceProvider services) =>
        Types<T>().Select(type => (T)ActivatorUtilities.CreateInstance(services, type));

    /// <summary>The same for classes that need no services.</summary>
    public static IEnumerable<T> Find<T>() => Types<T>().Select(type => (T)Activator.CreateInstance(type)!);

    private static IEnumerable<Type> Types<T>() => Assembly.GetExecutingAssembly().GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T))).OrderBy(type => type.Name, StringComparer.Ordinal);
}
