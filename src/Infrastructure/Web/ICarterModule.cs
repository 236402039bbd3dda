using System.Reflection;

namespace PatientResponse.Infrastructure.Web;

/// <summary>The routes of one slice, in Carter's shape.</summary>
public interface ICarterModule
{
    void AddRoutes(IEndpointRouteBuilder app);
}

public static class CarterModules
{
    /// <summary>Maps every module of this assembly. Unsafe methods need the antiforgery token unless a route says otherwise.</summary>
    public static void MapCarter(this IEndpointRouteBuilder app)
    {
        // The framework's own check would read a whole upload first; the filter does its work.
        var routes = app.MapGroup("").DisableAntiforgery().AddEndpointFilter<AntiforgeryFilter>().AnswerHead().WithMetadata(FingerprintedAssets.Of(app));
        foreach (var module in Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsAssignableTo(typeof(ICarterModule)) && type.IsClass))
            ((ICarterModule)Activator.CreateInstance(module)!).AddRoutes(routes);
    }
}
