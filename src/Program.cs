using JasperFx;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Start;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;
using PatientResponse.Infrastructure.Web;

try
{
    // Settings are read once: nothing watches their files, and with them the whole folder below.
    var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);

    builder.AddStorage();      // events, documents, counters in PostgreSQL
    builder.AddMessaging();    // the queue and its workers
    builder.AddSecurity();     // keys, sign-in, sessions, forms
    builder.AddSeams();        // SMS, email, files, scanner, patients
    builder.AddWeb();          // pages, headers, failures
    builder.AddTelemetry();    // logs, traces, metrics
    builder.AddCommands(args); // what the operator types instead of serving

    var app = builder.Build();
    app.UseWeb();              // every slice's routes

    if (args is ["codegen", ..])
        return await app.RunJasperFxCommands(args); // the code that Wolverine puts around handlers

    if (OperatorCommands.IsCommand(args))
        await using (app)
            return await OperatorCommands.RunAsync(app.Services, args);

    if (!await app.PrepareToServeAsync())
        return 1;

    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartFailures.Reason(e) is { } reason)
{
    Console.Error.WriteLine($"PatientResponse cannot start: {reason}");
    return 1;
}
catch (Exception e) when (StartFailures.IsOwnProcess)
{
    Console.Error.WriteLine(e); // A fault of our own: its stack, without an abort.
    return 1;
}
