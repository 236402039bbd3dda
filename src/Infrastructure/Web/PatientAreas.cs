namespace PatientResponse.Infrastructure.Web;

/// <summary>The addresses whose readers are patients: they may be read in another language, and weigh as little as can be.</summary>
public static class PatientAreas
{
    private static readonly PathString[] Areas = ["/r", "/reply", "/about-messages"];

    public static bool IsForPatients(this HttpRequest request) =>
        request.Path == "/" || Areas.Any(area => request.Path.StartsWithSegments(area));
}
