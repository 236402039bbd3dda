namespace PatientResponse.Infrastructure.Web.Requests;

/// <summary>When a request's headers arrived: deadlines are compared with that, not with the end of a slow upload.</summary>
public static class Arrival
{
    private static readonly object Key = new();

    public static IApplicationBuilder UseArrival(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Items[Key] = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return next(context);
    });

    public static DateTimeOffset ArrivedAt(this HttpContext context) => (DateTimeOffset)context.Items[Key]!;
}
