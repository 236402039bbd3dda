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

    /// <summary>20 seconds for the copy that makes the practice at this moment; then this one tries again, ten times in all.</summary>
    private const int LooksOfTry = 200;
    private const int MostLooks = 9 * LooksOfTry;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task SeedAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        await SeedPracticeAsync(services, scope, session);
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Clinician>>();
        await AddAsync(people, Email, "Dr Dana Demo", "+447700900001", isManager: true);
        await AddAsync(people, ColleagueEmail, "Nurse Chris Colleague", "+447700900002", isManager: false);
    }

    /// <summary>Of copies that start at once, the last to begin the list of patients ends those of the others. These wait for it:
    /// were they to begin again at once, nobody would ever come through.</summary>
    private static async Task SeedPracticeAsync(IServiceProvider services, IServiceScope scope, IDocumentSession session)
    {
        for (var look = 0; await session.LoadAsync<Practice>(PracticeId) is null; look++)
        {
            try
            {
                if (look % LooksOfTry == 0)
                {
                    await TrySeedPracticeAsync(services, scope, session);
                    return;
                }
            }
            catch (ConcurrencyException) when (look < MostLooks)
            {
                session.Forget();
            }
            await Task.Delay(Look);
        }
    }

    private static async Task TrySeedPracticeAsync(IServiceProvider services, IServiceScope scope, IDocumentSession session)
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

    private static async Task AddAsync(UserManager<Clinician> people, string email, string name, string testMobile, bool isManager)
    {
        if (await people.FindByNameAsync(email) is null)
            await people.CreateAsync(new Clinician { Email = email, Name = name, PracticeId = PracticeId, TestMobile = testMobile, IsManager = isManager }, Password);
    }
}
