using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Web;

/// <summary>The practice, people and patients that anyone can try. They exist in Development only: the password is public.</summary>
public static class Demo
{
    public const string Email = "demo@example.nhs.uk";
    public const string Password = "demo-password-1";
    private const string ColleagueEmail = "colleague@example.nhs.uk";
    private const string PracticeId = "demo";

    public static async Task SeedAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        // Again, if another copy that starts at the same moment was faster.
        await session.DecideAsync(() => SeedPracticeAsync(services, scope, session));
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Clinician>>();
        await AddAsync(people, Email, "Dr Dana Demo", "+447700900001", isManager: true);
        await AddAsync(people, ColleagueEmail, "Nurse Chris Colleague", "+447700900002", isManager: false);
    }

    private static async Task<bool> SeedPracticeAsync(IServiceProvider services, IServiceScope scope, IDocumentSession session)
    {
        if (await session.LoadAsync<Practice>(PracticeId) is null)
        {
            // First the patients, which can be done again: whoever finds the practice finds them too.
            await scope.ServiceProvider.GetRequiredService<LocalPatients>().ImportAsync(
                PracticeId, SamplePatients.Read(), services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);
            session.Store(new Practice
            {
                Id = PracticeId,
                Name = "Demo Surgery",
                Phone = "01632 960001",
                SignOff = "Demo Surgery",
                ShowNameBeforeDateOfBirth = true,
            });
            await session.SaveChangesAsync();
        }
        return true;
    }

    private static async Task AddAsync(UserManager<Clinician> people, string email, string name, string testMobile, bool isManager)
    {
        if (await people.FindByNameAsync(email) is null)
            await people.CreateAsync(new Clinician { Email = email, Name = name, PracticeId = PracticeId, TestMobile = testMobile, IsManager = isManager }, Password);
    }
}
