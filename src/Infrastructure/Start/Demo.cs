using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Start;

/// <summary>The practice, people and patients that anyone can try. They exist in Development only: the password is public.</summary>
public static class Demo
{
    public const string Email = "demo@example.nhs.uk";
    public const string Password = "demo-password-1";
    private const string ColleagueEmail = "colleague@example.nhs.uk";
    private const string PracticeId = "demo";

    private const int MostTries = 10;
    private const int MostLooks = 200;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    public static async Task SeedAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        await SeedPracticeAsync(scope.ServiceProvider, session);
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Clinician>>();
        await AddAsync(people, Email, "Dr Dana Demo", "+447700900001", isManager: true);
        await AddAsync(people, ColleagueEmail, "Nurse Chris Colleague", "+447700900002", isManager: false);
    }

    /// <summary>Of copies that start at once, the last to begin the list of patients ends those of the others. These wait for it,
    /// up to 20 seconds, before they try again: were they to begin at once, nobody would ever come through.</summary>
    private static async Task SeedPracticeAsync(IServiceProvider services, IDocumentSession session)
    {
        for (var attempt = 1; !await IsThereAsync(session); attempt++)
        {
            try
            {
                await TrySeedPracticeAsync(services, session);
            }
            catch (ConcurrencyException) when (attempt < MostTries)
            {
                session.Forget();
                for (var look = 0; look < MostLooks && !await IsThereAsync(session); look++)
                    await Task.Delay(BetweenLooks);
            }
        }
    }

    private static async Task<bool> IsThereAsync(IDocumentSession session)
    {
        try
        {
            return await session.LoadAsync<Practice>(PracticeId) is not null;
        }
        catch (DamagedException)
        {
            return true;
        }
    }

    private static async Task TrySeedPracticeAsync(IServiceProvider services, IDocumentSession session)
    {
        // First the patients, which can be done again: whoever finds the practice finds them too.
        await services.GetRequiredService<LocalPatients>().ImportAsync(
            PracticeId, SamplePatients.Read(), services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);
        session.Store(new Practice
        {
            Id = PracticeId,
            Name = "Demo Surgery",
            Phone = "01632 960001",
            SignOff = "Demo Surgery",
            Support = "Demo help desk, 01632 960099",
            ShowNameBeforeDateOfBirth = true,
        });
        await session.SaveChangesAsync();
    }

    private static async Task AddAsync(UserManager<Clinician> people, string email, string name, string testMobile, bool isManager)
    {
        if (await IsNewAsync(people, email))
            await people.CreateAsync(new Clinician { Email = email, Name = name, PracticeId = PracticeId, TestMobile = testMobile, IsManager = isManager }, Password);
    }

    /// <summary>One who is damaged is there already, and no reason not to start.</summary>
    private static async Task<bool> IsNewAsync(UserManager<Clinician> people, string email)
    {
        try
        {
            return await people.FindByNameAsync(email) is null;
        }
        catch (DamagedException)
        {
            return false;
        }
    }
}
